import type { View } from '@samgpu/element';

import type { PanelState, PanelTab } from './panel.ts';
import { Store } from './store.ts';
import type { ToolName, ToolState } from './tool.ts';

/** A window over the workspace. */
export type WindowName = 'export' | 'models' | 'settings' | 'shortcuts';

/** What is chosen, shown and opened. None of it is kept. */
export class Interface {
  readonly tool = new Store<ToolState>({ tool: 'point', label: 'include' });
  readonly panel = new Store<PanelState>({ tab: 'objects', isOpen: false });
  readonly window = new Store<WindowName | null>(null);
  /** How the picture lies in the stage. */
  readonly view = new Store<View>({ scale: 1, x: 0, y: 0 });
  /** Id of what was found and is pointed at in the gallery. */
  readonly highlighted = new Store<string | null>(null);

  show(window: WindowName | null): void {
    this.window.set(window);
  }

  showPanel(tab: PanelTab): void {
    this.panel.set({ tab, isOpen: true });
  }

  chooseTool(tool: ToolName): void {
    this.tool.update((state) => ({ ...state, tool }));
  }

  chooseLabel(label: ToolState['label']): void {
    this.tool.update((state) => ({ ...state, label }));
  }
}
