/** `0:04.12`: minutes, seconds and hundredths. */
export function timeText(frame: number, rate: number): string {
  const hundredths = Math.round((frame / rate) * 100);
  const minutes = Math.floor(hundredths / 6000);
  const seconds = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `${minutes}:${seconds}`;
}

/** How long something will take, as people say it. */
export function remainingText(seconds: number): string {
  if (seconds < 1.5) return 'about a second left';
  if (seconds < 90) return `${Math.round(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

export function framesText(count: number): string {
  return count === 1 ? '1 frame' : `${count} frames`;
}
