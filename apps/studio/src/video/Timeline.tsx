import './timeline.css';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';

import { useStore } from '../state/store.ts';
import { THUMBNAIL_HEIGHT } from './thumbnails.ts';
import { timeText } from './time-text.ts';
import { TimelineRow } from './TimelineRow.tsx';
import { Transport } from './Transport.tsx';
import { useVideo, useVideoStudio } from './video-context.ts';

/** Time: small pictures to go through, and for each object where it was found. */
export function Timeline(): ReactNode {
  const { player } = useVideoStudio();
  const { video, frame, range, objects } = useVideo();
  const last = Math.max(0, (video?.count ?? 1) - 1);
  const share = (at: number): string => `${last === 0 ? 0 : (100 * at) / last}%`;
  return (
    <section className="timeline" aria-label="Timeline">
      <Transport />
      <div className="timeline-scroll">
        <Slider
          className="timeline-slider"
          aria-label="Frame"
          minValue={0}
          maxValue={last}
          value={Math.min(frame, last)}
          isDisabled={video === null}
          onChange={(next) => player.goTo(next)}
        >
          <SliderTrack className="timeline-track">
            <ThumbnailStrip />
            <div className="timeline-outside" style={{ left: 0, width: share(range.from) }} />
            <div className="timeline-outside" style={{ left: share(range.to), right: 0 }} />
            <SliderThumb className="timeline-thumb">
              <span
                className="timeline-flag"
                aria-hidden="true"
                // Within the track at both of its ends.
                style={{ transform: `translateX(-${share(frame)})` }}
              >
                {timeText(frame, player.rate)}
              </span>
            </SliderThumb>
          </SliderTrack>
        </Slider>
        <ul className="timeline-rows" aria-label="Where objects were found">
          {objects.map((object) => (
            <TimelineRow key={object.id} object={object} last={last} />
          ))}
        </ul>
        {objects.length > 0 && (
          <div className="timeline-playhead" aria-hidden="true">
            <i style={{ left: share(frame) }} />
          </div>
        )}
      </div>
    </section>
  );
}

function ThumbnailStrip(): ReactNode {
  const { thumbnails, file } = useVideoStudio();
  const pictures = useStore(thumbnails);
  const { video } = useVideo();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const count = video?.count ?? 0;
  const aspect = video === null ? 1.5 : video.width / video.height;
  const wanted = Math.min(count, Math.max(1, Math.ceil(width / (THUMBNAIL_HEIGHT * aspect))));
  const isReady = count > 0 && width > 0;
  // Of too many some are left out; a few too few are not worth decoding anew.
  const lacks = isReady && wanted > 1.5 * pictures.length;
  useEffect(() => {
    if (lacks) void thumbnails.make(file, wanted, count);
  }, [thumbnails, file, lacks, wanted, count]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined || width === 0) return;
    const scale = Math.min(2, devicePixelRatio);
    element.width = Math.round(width * scale);
    element.height = THUMBNAIL_HEIGHT * scale;
    const cells = Math.max(1, Math.min(wanted, pictures.length));
    const cell = element.width / cells;
    for (let index = 0; index < cells; index++) {
      const picture = pictures[Math.floor((index * pictures.length) / cells)];
      if (picture !== undefined) drawCovering(context, picture, index * cell, cell, element.height);
    }
  }, [pictures, width, wanted]);

  return <canvas ref={canvas} className="timeline-strip" aria-hidden="true" />;
}

/** Fills a cell with the middle of a picture. */
function drawCovering(
  context: CanvasRenderingContext2D,
  picture: CanvasImageSource,
  left: number,
  width: number,
  height: number,
): void {
  const { width: w, height: h } = picture as { readonly width: number; readonly height: number };
  const scale = Math.max(width / w, height / h);
  const [sw, sh] = [width / scale, height / scale];
  context.drawImage(picture, (w - sw) / 2, (h - sh) / 2, sw, sh, left, 0, width, height);
}
