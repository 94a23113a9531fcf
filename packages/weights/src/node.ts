/** What needs a file system: folders of weights. */
export { FolderDraft, type FolderDraftOptions } from './write/node/folder-draft.ts';
export { openWeightFolder, type WeightFolderOptions } from './write/node/open-weight-folder.ts';
