/** What pointing at the picture does. */
export type ToolName = 'point' | 'box' | 'lasso' | 'scribble' | 'pan';

export interface ToolState {
  readonly tool: ToolName;
  /** Whether what is pointed at belongs to the object. */
  readonly label: 'include' | 'exclude';
}
