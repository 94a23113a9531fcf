import './model-button.css';

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';

import type { EngineProgress, LoadedModel } from '@samgpu/session';
import type { BackendInfo } from 'samgpu';

import { useSession, useStudio } from '../app/studio-context.ts';

/** Which model is at work and where; opens the list of models. */
export function ModelButton(): ReactNode {
  const studio = useStudio();
  const { model, backend, state, progress } = useSession();
  return (
    <ModelButtonFace
      model={model}
      backend={backend}
      isLoading={state === 'loading'}
      progress={progress}
      onPress={() => studio.interface.show('models')}
    />
  );
}

interface ModelButtonFaceProps {
  readonly model: LoadedModel | null;
  readonly backend: BackendInfo | null;
  readonly isLoading: boolean;
  readonly progress: EngineProgress | null;
  readonly onPress: () => void;
}

export function ModelButtonFace({
  model,
  backend,
  isLoading,
  progress,
  onPress,
}: ModelButtonFaceProps): ReactNode {
  const share =
    isLoading && progress?.total !== undefined
      ? ` ${Math.round((100 * progress.loaded) / progress.total)} %`
      : '';
  const place = backend?.kind === 'webgpu' ? 'GPU' : 'WASM';
  return (
    <AriaButton className="model-button" onPress={onPress}>
      <span className="model-dot" data-state={isLoading ? 'loading' : model ? 'ready' : 'none'} />
      <span className="visually-hidden">Model: </span>
      <span className="model-title">
        {isLoading ? `Loading${share}` : (model?.title ?? 'No model')}
      </span>
      {!isLoading && backend !== null && <span className="model-place">{place}</span>}
      <ChevronDown size={14} />
    </AriaButton>
  );
}
