import { ClipboardPaste, ImagePlus, Keyboard, Settings2, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { ModelButton } from '../models/ModelButton.tsx';
import { shortcutText } from './shortcuts.ts';
import { useSession, useStudio } from './studio-context.ts';
import { TopBarFrame } from './TopBarFrame.tsx';

export function TopBar(): ReactNode {
  const studio = useStudio();
  const snapshot = useSession();
  const { image, opening, objects, draft } = snapshot;
  return (
    <TopBarFrame
      kind="picture"
      name={image?.name}
      heading={opening ?? image?.name ?? 'Studio'}
      history={snapshot}
      session={studio.session}
      modelButton={<ModelButton />}
      canExport={objects.length > 0 || draft !== null}
      choices={[
        {
          label: 'Open a picture…',
          icon: <ImagePlus size={16} />,
          shortcut: shortcutText('open'),
          run: () => studio.pickFile(),
        },
        {
          label: 'Paste a picture',
          icon: <ClipboardPaste size={16} />,
          run: () => void studio.openClipboard(),
        },
        { label: 'Close', icon: <X size={16} />, run: () => void studio.close() },
        {
          label: 'Keyboard shortcuts',
          icon: <Keyboard size={16} />,
          shortcut: '?',
          run: () => studio.interface.show('shortcuts'),
        },
        {
          label: 'Settings',
          icon: <Settings2 size={16} />,
          run: () => studio.interface.show('settings'),
        },
      ]}
      onExport={() => void studio.export()}
      onClose={() => void studio.close()}
    />
  );
}
