import type { CaseResult, StageResult } from '../core/result.ts';

/** One case for people: a line, and below it its stages. */
export function caseText(
  { name, backend, pass, stages, maskIoU, seconds, error, notCompared }: CaseResult,
  allStages: boolean,
): string {
  const worst = stages.reduce<StageResult | undefined>(
    (most, stage) => (most === undefined || share(stage) > share(most) ? stage : most),
    undefined,
  );
  const masks = maskIoU === null ? '' : `, masks IoU ${maskIoU.toFixed(6)}`;
  const nearest =
    worst === undefined ? '' : `, closest to its limit ${worst.name} at ${percent(share(worst))}`;
  const passed = stages.filter((stage) => stage.pass).length;
  const lines = [
    `${pass ? 'pass' : 'FAIL'}  ${name} on ${backend}: ${passed}/${stages.length} stages${masks}${nearest} (${seconds.toFixed(1)} s)`,
  ];
  if (error !== undefined) {
    lines.push(`      ${error}`);
  }
  if (allStages || !pass) {
    lines.push(...stagesText(stages));
  }
  if (notCompared.length > 0) {
    const byReason = new Map<string, string[]>();
    for (const one of notCompared) {
      byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one.name]);
    }
    byReason.forEach((names, reason) => {
      const shown = names.length > 6 ? `${names.slice(0, 6).join(', ')}, …` : names.join(', ');
      lines.push(`      not compared (${names.length}): ${shown}: ${reason}`);
    });
  }
  return lines.join('\n');
}

function stagesText(stages: readonly StageResult[]): string[] {
  const width = Math.max(0, ...stages.map(({ name }) => name.length));
  return stages.map((stage) => {
    const { name, maxAbs, maxRelative, limit, pass, differingPixels, maskIoU, error } = stage;
    const relative = maxRelative === undefined ? '' : `, relative ${shown(maxRelative)}`;
    const masks =
      maskIoU === undefined ? '' : `, IoU ${maskIoU.toFixed(6)}, ${differingPixels} pixels differ`;
    const why = error === undefined ? '' : `: ${error}`;
    return `      ${pass ? ' ' : '!'} ${name.padEnd(width)}  max ${shown(maxAbs)} of ${shown(limit)}${relative}${masks}${why}`;
  });
}

/** How much of its limit a stage uses. */
function share({ maxAbs, limit }: StageResult): number {
  return maxAbs === 0 ? 0 : maxAbs / limit;
}

function percent(part: number): string {
  return part > 1000 ? 'far more than 100 %' : `${(100 * part).toFixed(0)} %`;
}

function shown(value: number): string {
  return value === Number.MAX_VALUE ? '-' : value === 0 ? '0' : value.toExponential(1);
}

/** The line at the end. */
export function summaryText(results: readonly CaseResult[]): string {
  const failed = results.filter(({ pass }) => !pass);
  const names = failed.map(({ name }) => name).join(', ');
  return failed.length === 0
    ? `${results.length} of ${results.length} cases pass`
    : `${failed.length} of ${results.length} cases fail: ${names}`;
}
