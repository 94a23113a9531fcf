// Types of `<sam-canvas>` for React 19, which sets properties and listens to events of custom elements:
// `import '@samgpu/element/react'` somewhere in a program.
import type { HTMLAttributes, RefAttributes } from 'react';

import type { SamCanvas } from './sam-canvas.ts';
import type { SamCanvasEventMap } from './sam-canvas-events.ts';

/** Properties that React sets on the element. */
type Settable =
  | 'src'
  | 'image'
  | 'alt'
  | 'session'
  | 'model'
  | 'engine'
  | 'backend'
  | 'tool'
  | 'label'
  | 'wheel'
  | 'excludeKey'
  | 'preview'
  | 'disabled'
  | 'overlay'
  | 'renderer'
  | 'messages';

/** Events, as `onsam-mask` and so on. */
type Listeners = {
  readonly [Name in keyof SamCanvasEventMap as `on${Name}`]?: (
    event: SamCanvasEventMap[Name],
  ) => void;
};

/** What `<sam-canvas>` takes in JSX. */
export type SamCanvasProps = Omit<HTMLAttributes<SamCanvas>, Settable> &
  RefAttributes<SamCanvas> &
  Partial<Pick<SamCanvas, Settable>> &
  Listeners & {
    readonly 'min-zoom'?: number | string;
    readonly 'max-zoom'?: number | string;
    readonly crossorigin?: 'anonymous' | 'use-credentials';
  };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'sam-canvas': SamCanvasProps;
    }
  }
}
