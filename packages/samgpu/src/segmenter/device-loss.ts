/** Whether something failed because the GPU went away. */
export function isDeviceLoss(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'device-lost';
}

/**
 * Does it again where the device was lost: the second time on a new one.
 *
 * @param prepare - what is to be done before
 */
export async function repeatAfterLoss<T>(
  attempt: () => Promise<T>,
  prepare: () => void = () => undefined,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (isDeviceLoss(error)) {
      prepare();
      return attempt();
    }
    throw error;
  }
}
