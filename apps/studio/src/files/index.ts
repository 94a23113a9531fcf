export { copyPng, copySvg } from './clipboard.ts';
export type { ExportOptions } from './exporters.ts';
export { exportName, type FormatId } from './format-names.ts';
export { FilesError, type FilesErrorCode } from './files-error.ts';
export { openableEndings } from './openable-endings.ts';
export { type OpenedFile, readFile } from './read-file.ts';
export {
  type OpenProject,
  type ProjectState,
  type SaveStatus,
  type SaveTiming,
} from './store/open-project.ts';
export {
  type NewProject,
  ProjectStore,
  type RecentProject,
  type RestoredProject,
} from './store/project-store.ts';
export {
  type Background,
  documentOf,
  type StudioDocument,
  withoutEnding,
} from './studio-document.ts';
export { writeFile } from './write-file.ts';
export { composeDocument, DocumentError, previewDocument } from '@samgpu/document';
