import { WebGpuError } from '../webgpu-error.ts';
import type { CheckedInput } from './program-inputs.ts';
import type { ProgramResources } from './program-resources.ts';
import type { WebGpuValue } from './webgpu-value.ts';

/**
 * Runs step by step, and looks at what each step wrote before the next one runs.
 *
 * Every intermediate value is read back, so this is slow and for debugging only.
 *
 * @throws WebGpuError `not-a-number` naming the first operation that made a NaN
 */
export async function runGuarded(
  resources: ProgramResources,
  inputs: ReadonlyMap<string, CheckedInput>,
): Promise<Record<string, WebGpuValue>> {
  const { state, plan } = resources;
  const { device } = state;
  const first = device.createCommandEncoder({ label: 'debug inputs' });
  resources.writeInputs(inputs, first);
  device.queue.submit([first.finish()]);
  for (const [index, step] of plan.steps.entries()) {
    const encoder = device.createCommandEncoder({ label: step.label });
    const pass = encoder.beginComputePass({ label: step.label });
    resources.dispatch(pass, index, resources.bind());
    pass.end();
    device.queue.submit([encoder.finish()]);
    for (const [binding, { access, bytes, name }] of step.kernel.bindings.entries()) {
      if (access === 'read') {
        continue;
      }
      const { buffer, offset } = resources.locate(step.operands[binding]!);
      const elements = new Float32Array(await state.read(buffer, Math.ceil(bytes / 4) * 4, offset));
      const place = elements.findIndex(Number.isNaN);
      if (place >= 0) {
        throw new WebGpuError(
          'not-a-number',
          `"${step.label}" (node ${step.node}, kernel ${step.kernel.label}) gave NaN at element ` +
            `${place} of ${name}; everything before it was free of NaN`,
        );
      }
    }
  }
  const last = device.createCommandEncoder({ label: 'debug results' });
  const results = resources.copyResults(last);
  device.queue.submit([last.finish()]);
  return results;
}
