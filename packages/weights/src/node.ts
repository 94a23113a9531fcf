/** What needs a file system. */
export { FolderDraft, type FolderDraftOptions } from './write/folder-draft.ts';
