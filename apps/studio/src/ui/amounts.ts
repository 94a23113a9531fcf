/** As people read them: `5.2 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `8.4 ms`, `137 ms`, `2.1 s` */
export function milliseconds(value: number): string {
  if (value >= 9950) return `${Math.round(value / 1000)} s`;
  if (value >= 995) return `${(value / 1000).toFixed(1)} s`;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ms`;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago something was: `5 minutes ago`, `yesterday`. */
export function timeText(then: number, now: number = Date.now()): string {
  const [unit, length] = UNITS.find(([, length]) => now - then >= length) ?? [];
  if (unit === undefined) return 'just now';
  return relative.format(-Math.floor((now - then) / length), unit);
}
