/** Where the engine finds what the site has. Plain data, as a worker is told it by its name. */
export interface Places {
  /** Of the page. */
  readonly page: string;
  /** Folder of model files. */
  readonly models: string;
}
