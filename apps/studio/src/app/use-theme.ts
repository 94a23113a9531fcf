import { useEffect } from 'react';

import { useSettings } from './studio-context.ts';

const light = matchMedia('(prefers-color-scheme: light)');

/** Puts the chosen theme on the page, or the system's, also when that changes. */
export function useTheme(): void {
  const { theme } = useSettings();
  useEffect(() => {
    const apply = (): void => {
      const system = light.matches ? 'light' : 'dark';
      document.documentElement.dataset['theme'] = theme === 'system' ? system : theme;
    };
    apply();
    light.addEventListener('change', apply);
    return () => light.removeEventListener('change', apply);
  }, [theme]);
}
