/** What the panel beside the picture shows. */
export type PanelTab = 'objects' | 'adjust' | 'background' | 'find';

export interface PanelState {
  readonly tab: PanelTab;
  /** Of phones, where it covers a part of the picture. */
  readonly isOpen: boolean;
}
