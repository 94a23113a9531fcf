import {
  ArrowLeftToLine,
  ArrowRightToLine,
  ChevronDown,
  Pause,
  Play,
  Radar,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { MenuTrigger } from 'react-aria-components';

import { useStore } from '../state/store.ts';
import { Bar } from '../ui/Bar.tsx';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Choices.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { remainingText, timeText } from './time-text.ts';
import { useVideo, useVideoStudio } from './video-context.ts';

/** Playing, going by frames, the range, and following. */
export function Transport(): ReactNode {
  const { player, session } = useVideoStudio();
  const { video, frame, range } = useVideo();
  const isPlaying = useStore(player.isPlaying);
  const count = video?.count ?? 0;
  return (
    <div className="transport">
      <div className="transport-play" role="group" aria-label="Playback">
        <TransportButton
          label="To the start"
          shortcut="Home"
          onPress={() => player.goTo(range.from)}
        >
          <SkipBack size={17} />
        </TransportButton>
        <TransportButton label="Back by a frame" shortcut="←" onPress={() => player.step(-1)}>
          <StepBack size={17} />
        </TransportButton>
        <TransportButton
          label={isPlaying ? 'Pause' : 'Play'}
          shortcut="Space"
          onPress={() => player.toggle()}
        >
          {isPlaying ? <Pause size={20} /> : <Play size={20} />}
        </TransportButton>
        <TransportButton label="On by a frame" shortcut="→" onPress={() => player.step(1)}>
          <StepForward size={17} />
        </TransportButton>
        <TransportButton label="To the end" shortcut="End" onPress={() => player.goTo(range.to)}>
          <SkipForward size={17} />
        </TransportButton>
      </div>
      <p className="transport-time">
        <strong>{timeText(frame, player.rate)}</strong>
        <span>{video === null ? '' : `frame ${frame + 1} of ${count}`}</span>
      </p>
      <div className="transport-range" role="group" aria-label="Range">
        <TransportButton
          label="Begin here"
          shortcut="I"
          onPress={() => session.setRange({ from: frame })}
        >
          <ArrowLeftToLine size={17} />
        </TransportButton>
        <TransportButton
          label="End here"
          shortcut="O"
          onPress={() => session.setRange({ to: frame })}
        >
          <ArrowRightToLine size={17} />
        </TransportButton>
      </div>
      <span className="top-gap" />
      <Tracking />
    </div>
  );
}

type TransportButtonProps = Omit<ComponentProps<typeof IconButton>, 'placement' | 'isDisabled'>;

/** Of no use until the video is open. */
function TransportButton(props: TransportButtonProps): ReactNode {
  const { video } = useVideo();
  return <IconButton {...props} placement="top" isDisabled={video === null} />;
}

function Tracking(): ReactNode {
  const video = useVideoStudio();
  const { following, objects, isOutdated, asking } = useVideo();
  if (following !== null) {
    const { done, total, secondsLeft, direction } = following;
    const left = secondsLeft === undefined ? '' : `, ${remainingText(secondsLeft)}`;
    const way = direction === 'backward' ? 'Tracking back' : 'Tracking';
    return (
      <div className="transport-progress" role="status">
        <Bar
          label={way}
          share={total === 0 ? undefined : done / total}
          detail={`${done} of ${total}${left}`}
        />
        <Button size="s" onPress={() => video.session.cancel()}>
          Stop
        </Button>
      </div>
    );
  }
  const isDisabled = objects.length === 0;
  return (
    <div className="transport-track" role="group" aria-label="Track">
      {asking && <span className="transport-asking">Looking…</span>}
      <Button
        look={isOutdated ? 'primary' : 'outlined'}
        isDisabled={isDisabled}
        onPress={() => void video.follow('all')}
      >
        <Radar size={17} />
        Track
      </Button>
      <MenuTrigger>
        <IconButton label="Track a part" placement="top" isDisabled={isDisabled}>
          <ChevronDown size={16} />
        </IconButton>
        <Choices
          choices={[
            {
              label: 'Forward from here',
              icon: <ArrowRightToLine size={16} />,
              run: () => void video.follow('forward'),
            },
            {
              label: 'Backward from here',
              icon: <ArrowLeftToLine size={16} />,
              run: () => void video.follow('backward'),
            },
            {
              label: 'All of the range',
              icon: <Radar size={16} />,
              shortcut: 'T',
              run: () => void video.follow('all'),
            },
          ]}
        />
      </MenuTrigger>
    </div>
  );
}
