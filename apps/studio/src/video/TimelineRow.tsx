import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { VideoObject } from '@samgpu/session';

import { hexOf } from '../ui/color.ts';
import { useVideo, useVideoStudio } from './video-context.ts';

interface TimelineRowProps {
  readonly object: VideoObject;
  /** Number of the last frame. */
  readonly last: number;
}

/** Where one object was found, where it is hidden, and where something was said of it. */
export function TimelineRow({ object, last }: TimelineRowProps): ReactNode {
  const { session, player } = useVideoStudio();
  const { selected } = useVideo();
  const { id, name, color } = object;
  const spans = session.coverageOf(id);
  const frames = session.promptFramesOf(id);
  // A frame is as wide as the way to the next one, with its middle where the handle shows it.
  const share = (at: number): number => (100 * Math.max(0, Math.min(last, at))) / Math.max(1, last);
  return (
    <li
      className="timeline-row"
      data-selected={id === selected}
      style={{ '--object-color': hexOf(color) } as React.CSSProperties}
    >
      <AriaButton className="timeline-name" onPress={() => session.select(id)}>
        <i />
        <span>{name}</span>
      </AriaButton>
      <div className="timeline-bar">
        {spans.map(({ from, to, isVisible }) => (
          <i
            key={from}
            className={isVisible ? 'timeline-span' : 'timeline-span timeline-hidden'}
            style={{
              left: `${share(from - 0.5)}%`,
              width: `${share(to + 0.5) - share(from - 0.5)}%`,
            }}
            title={isVisible ? undefined : 'Hidden or gone'}
          />
        ))}
        {frames.map((frame) => (
          <AriaButton
            key={frame}
            className="timeline-mark"
            style={{ left: `${share(frame)}%` }}
            aria-label={`Prompts of ${name} on frame ${frame + 1}`}
            onPress={() => {
              session.select(id);
              player.goTo(frame);
            }}
          />
        ))}
      </div>
    </li>
  );
}
