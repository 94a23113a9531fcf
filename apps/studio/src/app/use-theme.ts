import { useEffect } from 'react';

import type { Theme } from '../state/settings.ts';
import { useSettings } from './studio-context.ts';

const light = matchMedia('(prefers-color-scheme: light)');

/** Puts a theme on the page, or the system's. */
export function applyTheme(theme: Theme): void {
  const system = light.matches ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = theme === 'system' ? system : theme;
}

/** Keeps to the chosen theme, also when the system changes its own. */
export function useTheme(): void {
  const { theme } = useSettings();
  useEffect(() => {
    const apply = (): void => applyTheme(theme);
    apply();
    light.addEventListener('change', apply);
    return () => light.removeEventListener('change', apply);
  }, [theme]);
}
