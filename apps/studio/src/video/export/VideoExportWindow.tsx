import './video-export.css';

import { Download } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { Background } from '@samgpu/document';

import { download } from '../../export/download.ts';
import { ColorButton } from '../../objects/ColorButton.tsx';
import { say, sayProblem } from '../../state/notices.ts';
import { useStore } from '../../state/store.ts';
import { Bar } from '../../ui/Bar.tsx';
import { Button } from '../../ui/Button.tsx';
import { Range } from '../../ui/Range.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { SwitchField } from '../../ui/SwitchField.tsx';
import { Window } from '../../ui/Window.tsx';
import { USUAL_RATE } from '../player.ts';
import { framesText } from '../time-text.ts';
import { useVideo, useVideoStudio } from '../video-context.ts';
import { type VideoExport, type VideoFormat, videoFormats } from './export-formats.ts';
import { soundWay, type SoundWay } from './film-sound.ts';
import { canWriteFilm } from './film-writer.ts';
import { isTransparent, writeVideo } from './write-video.ts';

type BackgroundKind = 'color' | 'blur';

const soundText: Readonly<Record<SoundWay, string>> = {
  none: '.',
  copied: ' with the sound of the video.',
  encoded: ' with the sound of the video, encoded anew as Opus.',
  lost: '. It will be without sound: this browser cannot turn that of the video into Opus.',
};

/** What becomes of a video, and the way there. */
export function VideoExportWindow(): ReactNode {
  const studio = useVideoStudio();
  const { session, file, window } = studio;
  const { video, range, objects } = useVideo();
  const isOpen = useStore(window) === 'export';
  const [format, setFormat] = useState<VideoFormat>('masks');
  const [kind, setKind] = useState<BackgroundKind>('color');
  const [color, setColor] = useState<readonly [number, number, number]>([0, 177, 64]);
  const [radius, setRadius] = useState(12);
  const [asPictures, setAsPictures] = useState(false);
  const [canFilm, setCanFilm] = useState(true);
  const [sound, setSound] = useState<SoundWay>('none');
  const [progress, setProgress] = useState<readonly [done: number, total: number] | null>(null);
  const work = useRef<AbortController | null>(null);
  const background: Background =
    kind === 'color' ? { kind: 'color', color } : { kind: 'blur', radius };
  const visible = objects.filter(({ visible }) => visible);
  const wanted: VideoExport = {
    format,
    objects: visible.map(({ id }) => id),
    ...range,
    background,
    asPictures,
  };
  const isFilm = videoFormats.some(({ id, isFilm }) => id === format && isFilm);
  const needsAlpha = isTransparent(wanted);

  useEffect(() => {
    if (!isOpen || !isFilm || video === null) return undefined;
    let isCurrent = true;
    const { width, height, frameRate = USUAL_RATE } = video;
    void canWriteFilm({ width, height, frameRate, isTransparent: needsAlpha }).then((can) => {
      if (isCurrent) setCanFilm(can);
    });
    return () => {
      isCurrent = false;
    };
  }, [isOpen, isFilm, needsAlpha, video]);

  useEffect(() => {
    const { input } = file;
    if (!isOpen || !isFilm || !(input instanceof Blob)) return undefined;
    let isCurrent = true;
    soundWay(input).then(
      (way) => isCurrent && setSound(way),
      () => isCurrent && setSound('lost'),
    );
    return () => {
      isCurrent = false;
    };
  }, [isOpen, isFilm, file]);

  const close = (): void => {
    work.current?.abort();
    window.set(null);
  };
  const write = async (): Promise<void> => {
    const controller = (work.current = new AbortController());
    const { signal } = controller;
    setProgress([0, range.to - range.from + 1]);
    try {
      const onProgress = (done: number, total: number): void => setProgress([done, total]);
      const { blob, name } = await writeVideo(session, file, wanted, { signal, onProgress });
      download(blob, name);
      say({ kind: 'done', title: `${name} is in your downloads` });
      window.set(null);
    } catch (error) {
      if (!signal.aborted) sayProblem('The export failed', error);
    } finally {
      setProgress(null);
    }
  };

  return (
    <Window
      title="Export the video"
      width="wide"
      isOpen={isOpen}
      onClose={close}
      actions={
        progress === null ? (
          <Button look="primary" isDisabled={visible.length === 0} onPress={() => void write()}>
            <Download size={17} />
            Download
          </Button>
        ) : (
          <div className="video-export-progress" role="status">
            <Bar
              label="Writing"
              share={progress[0] / progress[1]}
              detail={`${progress[0]} of ${progress[1]}`}
            />
            <Button size="s" onPress={() => work.current?.abort()}>
              Cancel
            </Button>
          </div>
        )
      }
    >
      <RadioGroup
        className="video-formats"
        aria-label="Format"
        value={format}
        onChange={(value) => setFormat(value as VideoFormat)}
        isDisabled={progress !== null}
      >
        {videoFormats.map(({ id, label, detail }) => (
          <Radio key={id} value={id} className="video-format">
            <strong>{label}</strong>
            <span>{detail}</span>
          </Radio>
        ))}
      </RadioGroup>
      {format === 'background' && (
        <div className="video-background">
          <Segmented
            label="Background"
            segments={[
              { key: 'color', label: 'Colour' },
              { key: 'blur', label: 'Blur' },
            ]}
            value={kind}
            onChange={setKind}
          />
          {kind === 'color' ? (
            <div className="video-background-color">
              <Label>Colour</Label>
              <ColorButton name="the background" color={color} onChange={setColor} />
            </div>
          ) : (
            <Range label="Blur" value={radius} onChange={setRadius} min={1} max={60} unit=" px" />
          )}
        </div>
      )}
      {isFilm && (
        <div className="video-pictures">
          <SwitchField
            label="PNG pictures in a zip"
            detail={
              canFilm
                ? `In place of a WebM film${soundText[sound]}`
                : 'This browser cannot write such a film as WebM (VP9), so pictures it is.'
            }
            isSelected={asPictures || !canFilm}
            isDisabled={!canFilm}
            onChange={setAsPictures}
          />
        </div>
      )}
      <p className="video-export-note">
        {visible.length === 0
          ? 'There is nothing to export: no object is visible.'
          : `${visible.length === 1 ? 'One object' : `${visible.length} objects`} on ${framesText(range.to - range.from + 1)}, as far as they were tracked. Hidden objects and frames outside of the range are left out.`}
      </p>
    </Window>
  );
}
