/** What is posted to a server that finds things by words, as JSON. */
export interface GroundQuestion {
  /** As the user wrote them. How several things are told apart is up to the server. */
  readonly words: string;
  /** The picture; boxes are in its pixels. */
  readonly picture: {
    readonly mediaType: 'image/png';
    readonly width: number;
    readonly height: number;
    /** The file, in base64. */
    readonly data: string;
  };
  /** 0 to 1: boxes of lower scores are of no use. Left out where the server is to decide. */
  readonly minScore?: number;
}

/** What the server answers, as JSON with status 200. With any other, `{ "error": "why" }`. */
export interface GroundAnswer {
  readonly boxes: readonly {
    /** In pixels of the picture that was sent. */
    readonly box: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };
    /** 0 to 1. */
    readonly score: number;
    /** Which of the words this is. */
    readonly label?: string;
  }[];
}
