import './start-screen.css';

import { ClipboardPaste, Film, ImagePlus, ShieldCheck, WifiOff, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, FileTrigger } from 'react-aria-components';

import { useStudio } from '../app/studio-context.ts';
import { openableEndings } from '../files/openable-endings.ts';
import { Mark } from '../ui/Mark.tsx';
import { Button } from '../ui/Button.tsx';
import { RecentPictures } from './RecentPictures.tsx';
import { samples } from './samples.ts';

const ACCEPTED = ['image/*', ...openableEndings];

/** What is seen first: what this does, and every way to begin. */
export function StartScreen(): ReactNode {
  const studio = useStudio();
  return (
    <main className="start">
      <section className="start-hero">
        <Mark size={56} />
        <h1>
          Click it. <span>It’s cut out.</span>
        </h1>
        <p className="start-lead">
          Point at anything in a picture and take it with its edges: as a cutout, a mask, layers or
          paths.
        </p>
        <div className="start-actions">
          <FileTrigger
            acceptedFileTypes={ACCEPTED}
            onSelect={(files) => {
              if (files !== null) void studio.openFiles(files);
            }}
          >
            <Button look="primary" size="l">
              <ImagePlus size={20} />
              Open a picture
            </Button>
          </FileTrigger>
          <Button size="l" onPress={() => studio.pickVideo()}>
            <Film size={20} />
            Open a video
          </Button>
          <Button size="l" onPress={() => void studio.openClipboard()}>
            <ClipboardPaste size={20} />
            Paste
          </Button>
        </div>
        <p className="start-drop">or drop one anywhere on this page</p>
      </section>

      <RecentPictures />

      <section className="start-samples" aria-labelledby="start-samples-title">
        <h2 id="start-samples-title">No picture at hand? Try one of these</h2>
        <ul>
          {samples.map((sample) => (
            <li key={sample.file}>
              <AriaButton className="sample" onPress={() => void studio.openSample(sample)}>
                <img
                  src={`./samples/${sample.file}`}
                  alt=""
                  width={sample.width}
                  height={sample.height}
                  loading="lazy"
                />
                <span className="sample-title">{sample.title}</span>
                <span className="sample-credit">{sample.credit}</span>
              </AriaButton>
            </li>
          ))}
        </ul>
      </section>

      <ul className="start-promises">
        <li>
          <ShieldCheck size={18} />
          <span>
            <strong>Stays here.</strong> Pictures never leave this device.
          </span>
        </li>
        <li>
          <WifiOff size={18} />
          <span>
            <strong>Works offline.</strong> A model comes along.
          </span>
        </li>
        <li>
          <Zap size={18} />
          <span>
            <strong>On your GPU,</strong> or without one.
          </span>
        </li>
      </ul>
    </main>
  );
}
