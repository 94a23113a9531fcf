export { copyPng, copySvg } from './clipboard.ts';
export {
  type Exporter,
  exporters,
  exportName,
  type ExportOptions,
  type FormatId,
} from './exporters.ts';
export { FilesError, type FilesErrorCode } from './files-error.ts';
export { openableEndings, type OpenedFile, readFile } from './read-file.ts';
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
export { composeDocument, DocumentError, scaleDocument } from '@samgpu/document';
