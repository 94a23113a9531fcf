/** Times in milliseconds; hundredths of one are below what clocks of processes can tell. */
export function roundedTimes<Times extends Record<string, number>>(times: Times): Times {
  const entries = Object.entries(times).map(([stage, time]) => [
    stage,
    Math.round(time * 100) / 100,
  ]);
  return Object.fromEntries(entries) as Times;
}
