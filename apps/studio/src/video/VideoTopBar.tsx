import { Film, FolderOpen, ImagePlus, Settings2, X } from 'lucide-react';
import type { ReactNode } from 'react';

import { shortcutText } from '../app/shortcuts.ts';
import { TopBarFrame } from '../app/TopBarFrame.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';
import { VideoModelButton } from './VideoModelButton.tsx';

export function VideoTopBar(): ReactNode {
  const { studio, session, file, window } = useVideoStudio();
  const snapshot = useVideo();
  return (
    <TopBarFrame
      kind="video"
      name={file.name}
      history={snapshot}
      session={session}
      modelButton={<VideoModelButton />}
      canExport={snapshot.objects.length > 0}
      choices={[
        {
          label: 'Open another video…',
          icon: <Film size={16} />,
          run: () => studio.pickVideo(),
        },
        {
          label: 'Open a folder of pictures…',
          icon: <FolderOpen size={16} />,
          run: () => studio.pickVideo({ folder: true }),
        },
        {
          label: 'Open a picture…',
          icon: <ImagePlus size={16} />,
          shortcut: shortcutText('open'),
          run: () => studio.pickFile(),
        },
        { label: 'Close', icon: <X size={16} />, run: () => studio.closeVideo() },
        {
          label: 'Settings',
          icon: <Settings2 size={16} />,
          run: () => studio.interface.show('settings'),
        },
      ]}
      onExport={() => window.set('export')}
      onClose={() => studio.closeVideo()}
    />
  );
}
