/** A picture to segment. */
export interface Picture {
  /** The path as the user wrote it, or the folder as written and the name in it. */
  readonly file: string;
  /** Folder below the one that was given, where folders are searched recursively; else ''. */
  readonly subfolder: string;
}

/** A picture whose outputs have names. */
export interface NamedPicture extends Picture {
  /** What the names of its outputs begin with, from the output folder. */
  readonly stem: string;
}
