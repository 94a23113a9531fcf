import './video-workspace.css';

import { type ReactNode, useEffect, useState } from 'react';

import { useStudio } from '../app/studio-context.ts';
import { ToolRail } from '../tools/ToolRail.tsx';
import { VideoExportWindow } from './export/VideoExportWindow.tsx';
import { Timeline } from './Timeline.tsx';
import { useVideoKeys } from './use-video-keys.ts';
import { VideoContext } from './video-context.ts';
import type { VideoFile } from './video-file.ts';
import { VideoModelsWindow } from './VideoModelsWindow.tsx';
import { VideoPanel } from './VideoPanel.tsx';
import { VideoStage } from './VideoStage.tsx';
import { VideoStudio } from './video-studio.ts';
import { VideoTopBar } from './VideoTopBar.tsx';

/** A video is open: the frame in the middle, time below it. */
export function VideoWorkspace({ file }: { readonly file: VideoFile }): ReactNode {
  const studio = useStudio();
  const [video, setVideo] = useState<VideoStudio | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const making = VideoStudio.make(studio, file).then((made) => {
      if (isCurrent) {
        setVideo(made);
        void made.start();
      }
      return made;
    });
    return () => {
      isCurrent = false;
      void making.then((made) => made.dispose());
    };
  }, [studio, file]);
  if (video === null) return null;
  return (
    <VideoContext value={video}>
      <Layout video={video} />
    </VideoContext>
  );
}

function Layout({ video }: { readonly video: VideoStudio }): ReactNode {
  useVideoKeys(video);
  return (
    <div className="workspace video-workspace">
      <VideoTopBar />
      <ToolRail findsEverything={false} model={null} />
      <VideoStage />
      <VideoPanel />
      <Timeline />
      <VideoModelsWindow />
      <VideoExportWindow />
    </div>
  );
}
