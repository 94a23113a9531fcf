import type { ReactNode } from 'react';
import type { Mask } from 'samgpu';

import { useSession, useStudio } from '../app/studio-context.ts';
import { sayProblem } from '../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { Window } from '../ui/Window.tsx';
import { download } from './download.ts';

interface ExportWindowProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ExportWindow({ isOpen, onClose }: ExportWindowProps): ReactNode {
  const studio = useStudio();
  const { draft, objects, selected, image } = useSession();
  const mask = draft?.mask ?? objects.find(({ id }) => id === selected)?.mask ?? objects[0]?.mask;
  const write = async (): Promise<void> => {
    if (mask === undefined) return;
    try {
      download(await maskPng(mask), `${image?.name ?? 'picture'}.mask.png`);
      studio.show(null);
    } catch (error) {
      sayProblem('The mask could not be written', error);
    }
  };
  return (
    <Window
      title="Export"
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <Button look="primary" onPress={() => void write()}>
          Download
        </Button>
      }
    >
      <p>The mask as PNG: white where the object is.</p>
    </Window>
  );
}

async function maskPng(mask: Mask): Promise<Blob> {
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const context = canvas.getContext('2d')!;
  context.fillRect(0, 0, mask.width, mask.height);
  const { data, width, height } = mask.toImageData({ background: [0, 0, 0, 255] });
  context.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}
