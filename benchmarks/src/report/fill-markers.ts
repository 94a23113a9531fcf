/** A document lacks the place that a report is to be written to. */
export class MarkerError extends Error {
  override readonly name = 'MarkerError';
  readonly code = 'marker';
}

/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->`.
 *
 * @param content - Markdown; blank lines are put around it, as the formatter wants them
 * @throws MarkerError unless the document has exactly one such place
 */
export function fillMarkers(document: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before = '', rest, ...moreStarts] = document.split(start);
  const [, after, ...moreEnds] = (rest ?? '').split(end);
  if (rest === undefined || after === undefined || moreStarts.length + moreEnds.length > 0) {
    throw new MarkerError(`wanted one ${start} followed by one ${end}`);
  }
  const middle = content === '' ? '\n' : `\n\n${content.trim()}\n\n`;
  return `${before}${start}${middle}${end}${after}`;
}
