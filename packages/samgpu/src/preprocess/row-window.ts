/**
 * Keeps the last few rows of an image that is resized from top to bottom.
 *
 * Every output row needs a short run of consecutive source rows, and runs never move up. So each
 * source row is made once, and only as many rows as the longest run are held.
 */
export class RowWindow<Row> {
  readonly #rows: readonly Row[];
  readonly #fill: (row: Row, y: number) => void;
  #next = 0;

  /**
   * @param capacity - the longest run
   * @param allocate - makes one empty row
   * @param fill - writes source row `y` into `row`
   */
  constructor(capacity: number, allocate: () => Row, fill: (row: Row, y: number) => void) {
    this.#rows = Array.from({ length: capacity }, allocate);
    this.#fill = fill;
  }

  /** Makes rows `first` to `first + count - 1` available to {@link row}. */
  advance(first: number, count: number): void {
    for (let y = Math.max(this.#next, first); y < first + count; y++) this.#fill(this.row(y), y);
    this.#next = Math.max(this.#next, first + count);
  }

  row(y: number): Row {
    return this.#rows[y % this.#rows.length]!;
  }
}
