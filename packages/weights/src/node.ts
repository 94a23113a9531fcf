/** What needs a file system. */
export { FolderDraft, type FolderDraftOptions, MANIFEST_NAME } from './write/folder-draft.ts';
