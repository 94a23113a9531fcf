import { Check, Download, FileUp, Trash2 } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import type { EngineProgress, LoadedModel, ModelChoice } from '@samgpu/session';
import type { Variant } from '@samgpu/variant';
import type { CachedModel } from '@samgpu/weights';

import { useStudio } from '../app/studio-context.ts';
import { measureKey } from '../state/measures.ts';
import { useStore } from '../state/store.ts';
import { bytesText, milliseconds } from '../ui/amounts.ts';
import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { workText } from '../stage/work-text.ts';
import { removeStored, stateOf } from './model-state.ts';
import { storeFile } from './store-file.ts';
import { fileNameOf } from './variants.ts';

/** What loads models, for pictures or for videos. */
export interface ModelLoader {
  /** The one in use. */
  readonly model: LoadedModel | null;
  readonly isLoading: boolean;
  readonly progress: EngineProgress | null;
  /** @returns whether it is ready */
  load(choice: ModelChoice): Promise<boolean>;
  stop(): void;
}

interface ModelRowProps {
  readonly variant: Variant;
  readonly stored: readonly CachedModel[];
  /** What is stored has changed. */
  readonly onStored: () => void;
  readonly loader: ModelLoader;
}

export function ModelRow({ variant, stored, onStored, loader }: ModelRowProps): ReactNode {
  const studio = useStudio();
  const { model, progress } = loader;
  const { known } = useStore(studio.measures);
  const [isLoading, setLoading] = useState(false);
  const [isMissing, setMissing] = useState(false);
  /** The name of a file that was chosen and does not fit. */
  const [refused, setRefused] = useState<string | null>(null);
  const wasStopped = useRef(false);
  const { name, title, description, licence, weights } = variant;
  const state = stateOf(variant, stored);
  const row = useRef<HTMLLIElement>(null);
  const wasUsed = useRef(false);
  useEffect(() => {
    // The button that was pressed is disabled now, or gone. Without the focus keys would lead nowhere.
    const { activeElement, body } = document;
    const isLost = activeElement === body || row.current?.contains(activeElement);
    if (wasUsed.current && isLost) row.current?.focus({ preventScroll: true });
  }, [isLoading, state]);
  const isInUse = model?.name === name;
  const bytes = weights.kind === 'file' ? weights.bytes : undefined;
  const times = (['webgpu', 'onnx'] as const).flatMap((kind) => {
    const { encode, segment } = known[measureKey(name, kind)] ?? {};
    return encode === undefined ? [] : [{ kind, encode, segment }];
  });

  const load = async (choice: Omit<ModelChoice, 'name'> = {}): Promise<boolean> => {
    wasUsed.current = true;
    wasStopped.current = false;
    setRefused(null);
    setLoading(true);
    const isReady = await loader.load({ name, ...choice });
    setLoading(false);
    setMissing(!isReady && state !== 'stored' && state !== 'included');
    onStored();
    return isReady || wasStopped.current;
  };
  const loadFrom = async (file: File): Promise<void> => {
    setLoading(true);
    // Once it is stored it is loaded like any other.
    const isRight = await load((await storeFile(variant, file)) ? {} : { weights: file });
    if (!isRight) setRefused(file.name);
  };
  const choose = (files: FileList | null): void => {
    const [file] = files ?? [];
    if (file !== undefined) void loadFrom(file);
  };
  const stop = (): void => {
    wasStopped.current = true;
    loader.stop();
  };
  const { label, share, detail } = workText('loading', progress, title);

  return (
    <li ref={row} className="model" tabIndex={-1} data-in-use={isInUse}>
      <div className="model-text">
        <strong>{title}</strong>
        <span>{description}</span>
        <span className="model-facts">
          <span className="model-badge" title={licence.note}>
            {licence.name}
          </span>
          {state === 'included' && <span>included</span>}
          {bytes !== undefined && <span>{bytesText(bytes)}</span>}
          {state === 'stored' && <span className="model-stored">on this device</span>}
          {state === 'partial' && <span>partly here</span>}
          {times.map(({ kind, encode, segment }) => (
            <span key={kind}>
              {kind === 'webgpu' ? 'GPU' : 'CPU'}: picture {milliseconds(encode)}
              {segment !== undefined && `, click ${milliseconds(segment)}`}
            </span>
          ))}
        </span>
        {licence.note !== undefined && <small>{licence.note}</small>}
      </div>
      <div className="model-actions">
        {isInUse ? (
          <span className="model-used">
            <Check size={16} /> In use
          </span>
        ) : state === 'brought' ? null : (
          <Button size="s" isDisabled={isLoading} onPress={() => void load()}>
            {state === 'stored' || state === 'included' ? (
              'Use'
            ) : (
              <>
                <Download size={15} />
                {state === 'partial' ? 'Go on' : 'Get'}
              </>
            )}
          </Button>
        )}
        {(state === 'brought' || isMissing) && !isInUse && (
          <FileTrigger
            acceptedFileTypes={['.pt', '.pth', '.safetensors', '.zip']}
            onSelect={choose}
          >
            <Button size="s" isDisabled={isLoading}>
              <FileUp size={15} />
              Choose a file
            </Button>
          </FileTrigger>
        )}
        {(state === 'stored' || state === 'partial') && !isInUse && (
          <IconButton
            size="s"
            label={`Remove ${title} from this device`}
            onPress={() => {
              wasUsed.current = true;
              void removeStored(variant).then(onStored);
            }}
          >
            <Trash2 size={16} />
          </IconButton>
        )}
      </div>
      {isLoading && loader.isLoading && (
        <div className="model-progress">
          <Bar label={label} share={share} detail={detail} />
          <Button size="s" look="plain" onPress={stop}>
            Cancel
          </Button>
        </div>
      )}
      {refused !== null && (
        <p className="model-help" role="alert">
          <code>{refused}</code> does not hold the weights of {title}.
        </p>
      )}
      {(isMissing || state === 'brought') && !isInUse && (
        <p className="model-help">
          {state === 'brought' && weights.kind === 'brought' && `${sentence(weights.reason)} `}
          {isMissing && 'This site does not have the file. '}
          Get <code>{fileNameOf(variant)}</code> from{' '}
          <a href={officialPage(variant)} target="_blank" rel="noreferrer noopener">
            {new URL(officialPage(variant)).host}
          </a>{' '}
          and choose it here. It stays on this device.
        </p>
      )}
    </li>
  );
}

function officialPage({ weights }: Variant): string {
  return weights.kind === 'file' ? weights.url.href : weights.from.href;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}
