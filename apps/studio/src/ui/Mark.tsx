import type { ReactNode } from 'react';

/** The sign of samgpu, as in `public/mark.svg`. */
export function Mark({ size }: { readonly size: number }): ReactNode {
  return <img className="mark" src="./mark.svg" alt="" width={size} height={size} />;
}
