import { elementCount, type Graph, nodeAt } from '@samgpu/graph';

import { decompose } from './decompose.ts';
import { fuse } from './fuse.ts';
import { abilitiesOf, lower } from './lower.ts';
import { type PlanDevice, Planner } from './planner.ts';
import type { PlannedOutput, ProgramPlan } from './program-plan.ts';
import { staticNodes } from './static-tensor.ts';
import { isDense } from './views.ts';

/**
 * Turns a graph into dispatches on values. Creates no GPU object and reads no weight.
 *
 * @throws WebGpuError `unsupported` where the device lacks what a kernel needs
 */
export function planProgram(traced: Graph, device: PlanDevice): ProgramPlan {
  const graph = decompose(traced);
  const known = staticNodes(graph);
  const fusions = fuse(graph, known, abilitiesOf);
  const planner = new Planner(graph, device, known, fusions);
  for (const node of graph.nodes) {
    const isLater = fusions.absorbed.has(node.id) || fusions.fusions.has(node.id);
    if (isLater || known.has(node.id)) {
      continue;
    }
    lower(nodeAt(graph.nodes, fusions.heads.get(node.id) ?? node.id), planner);
  }
  const outputs = [...graph.outputs].map(([name, id]): PlannedOutput => {
    const node = nodeAt(graph.nodes, id);
    const stored = planner.at(id);
    const { value, view } = isDense(stored.view) ? stored : planner.copy(stored, node);
    const { shape, dtype } = node;
    const bytes = elementCount(shape) * 4;
    return { name, shape, dtype, bytes, value, offset: view.offset * 4 };
  });
  const { values, steps, tasks } = planner;
  return { values, steps, outputs, tasks };
}
