import type { SessionPrompt } from '@samgpu/session';
import type { PointLabel } from 'samgpu';

import type { Messages } from '../speech/messages.ts';
import type { Position } from '../view/view.ts';

/** Where a prompt can be taken hold of. */
export interface PromptHandle {
  /** `point`, a corner of a box (`nw`, …), or `remove`. */
  readonly part: string;
  /** In pixels of the picture. */
  readonly at: Position;
  readonly label: PointLabel;
  readonly title: string;
}

export function handlesOf(prompt: SessionPrompt, messages: Messages): PromptHandle[] {
  switch (prompt.kind) {
    case 'point': {
      const { x, y, label } = prompt;
      const title = messages.removePoint(label, Math.floor(x), Math.floor(y));
      return [{ part: 'point', at: { x, y }, label, title }];
    }
    case 'box': {
      const { x, y, width, height } = prompt.box;
      const [right, bottom] = [x + width, y + height];
      const corners = {
        nw: { x, y },
        ne: { x: right, y },
        sw: { x, y: bottom },
        se: { x: right, y: bottom },
      };
      const label = 'include' as const;
      return [
        ...Object.entries(corners).map(([part, at]) => ({
          part,
          at,
          label,
          title: messages.boxCorner,
        })),
        { part: 'remove', at: { x: x + width / 2, y }, label, title: messages.removeBox },
      ];
    }
    case 'lasso':
    case 'scribble': {
      const [at] = prompt.path;
      return [{ part: 'remove', at: at!, label: prompt.label, title: messages.removePath }];
    }
    default:
      // A mask is seen as it is.
      return [];
  }
}
