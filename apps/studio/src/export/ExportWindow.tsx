import './export-window.css';

import { Copy, Download } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';

import { useSession, useStudio } from '../app/studio-context.ts';
import {
  copyPng,
  copySvg,
  exportName,
  type FormatId,
  type StudioDocument,
  writeFile,
} from '../files/index.ts';
import { currentDocument } from '../state/current-document.ts';
import { say, sayProblem } from '../state/notices.ts';
import { useStore } from '../state/store.ts';
import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';
import type { Segment } from '../ui/Segmented.tsx';
import { Setting } from '../ui/Setting.tsx';
import { Window } from '../ui/Window.tsx';
import { download } from './download.ts';
import { defaultChoices, type ExportChoices, ExportFields, optionsOf } from './ExportFields.tsx';
import { formats } from './formats.ts';

type Extent = 'all' | 'selected';

const extents: readonly Segment<Extent>[] = [
  { key: 'all', label: 'All objects' },
  { key: 'selected', label: 'The selected one' },
];

interface ExportWindowProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What becomes of the objects: a file in one of several formats, or something on the clipboard. */
export function ExportWindow({ isOpen, onClose }: ExportWindowProps): ReactNode {
  const studio = useStudio();
  const { objects, selected } = useSession();
  const picture = useStore(studio.picture);
  const [id, setId] = useState<FormatId>('cutout');
  const [extent, setExtent] = useState<Extent>('all');
  const [choices, setChoices] = useState<ExportChoices>(defaultChoices);
  const [isWriting, setWriting] = useState(false);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const format = formats.find((format) => format.id === id)!;
  const canChoose = objects.length > 1 && selected !== null && id !== 'picture' && id !== 'project';

  const close = (): void => {
    stop.current?.abort();
    onClose();
  };
  const documentNow = (): StudioDocument | null =>
    currentDocument(studio, canChoose && extent === 'selected' ? [selected] : undefined);
  const write = async (document: StudioDocument): Promise<Blob> => {
    stop.current?.abort();
    const controller = new AbortController();
    stop.current = controller;
    setWriting(true);
    try {
      const options = optionsOf(choices, {
        picture: picture?.file,
        pictureName: picture?.name,
        session: studio.session.save(),
      });
      return await writeFile(id, document, options, controller.signal);
    } finally {
      setWriting(false);
    }
  };
  const save = async (): Promise<void> => {
    const document = documentNow();
    if (document === null) return;
    try {
      const blob = await write(document);
      const name = exportName(id, document, blob);
      download(blob, name);
      say({ kind: 'done', title: `${name} is in your downloads` });
      onClose();
    } catch (error) {
      sayProblem('It could not be written', error);
    }
  };
  const copy = async (): Promise<void> => {
    const document = documentNow();
    if (document === null) return;
    try {
      await (format.copies === 'svg' ? copySvg : copyPng)(write(document));
      say({ kind: 'done', title: `${format.title} is in the clipboard` });
      onClose();
    } catch (error) {
      sayProblem('It could not be copied', error);
    }
  };

  return (
    <Window
      title="Export"
      width="wide"
      isOpen={isOpen}
      onClose={close}
      actions={
        isWriting ? (
          <div className="export-writing">
            <Bar label="Writing" share={undefined} />
            <Button onPress={() => stop.current?.abort()}>Stop</Button>
          </div>
        ) : (
          <>
            {format.copies !== undefined && (
              <Button onPress={() => void copy()}>
                <Copy size={16} />
                Copy
              </Button>
            )}
            <Button look="primary" onPress={() => void save()}>
              <Download size={16} />
              Download
            </Button>
          </>
        )
      }
    >
      <RadioGroup
        className="formats"
        aria-label="Format"
        value={id}
        onChange={(value) => setId(value as FormatId)}
      >
        {formats.map(({ id, title, detail, icon: Icon }) => (
          <Radio key={id} value={id} className="format">
            <Icon size={20} strokeWidth={1.75} />
            <span className="format-text">
              <strong>{title}</strong>
              <small>{detail}</small>
            </span>
          </Radio>
        ))}
      </RadioGroup>
      <div className="export-fields">
        {canChoose && (
          <Setting label="Objects" segments={extents} value={extent} onChange={setExtent} />
        )}
        <ExportFields format={id} choices={choices} onChange={setChoices} />
      </div>
    </Window>
  );
}
