import './tool-rail.css';

import {
  BoxSelect,
  Brush,
  CircleMinus,
  CirclePlus,
  Hand,
  Lasso,
  MousePointerClick,
  Sparkles,
} from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  Separator,
  ToggleButton,
  ToggleButtonGroup,
  Toolbar,
} from 'react-aria-components';

import type { LoadedModel } from '@samgpu/session';

import { shortcutText, type ShortcutName } from '../app/shortcuts.ts';
import { useSession, useStudio } from '../app/studio-context.ts';
import { useStore } from '../state/store.ts';
import type { ToolName } from '../state/tool.ts';
import { Hint } from '../ui/Hint.tsx';
import { useIsPhone } from '../ui/use-is-phone.ts';

interface ToolEntry {
  readonly key: ToolName;
  readonly label: string;
  readonly shortcut: ShortcutName;
  readonly icon: ReactNode;
}

const tools: readonly ToolEntry[] = [
  { key: 'point', label: 'Click', shortcut: 'point', icon: <MousePointerClick size={20} /> },
  { key: 'box', label: 'Box', shortcut: 'box', icon: <BoxSelect size={20} /> },
  { key: 'lasso', label: 'Lasso', shortcut: 'lasso', icon: <Lasso size={20} /> },
  { key: 'scribble', label: 'Brush', shortcut: 'scribble', icon: <Brush size={20} /> },
  { key: 'pan', label: 'Move', shortcut: 'pan', icon: <Hand size={20} /> },
];

interface ToolRailProps {
  /** What limits the tools, if it is not the pictures' model. */
  readonly model?: LoadedModel | null;
  /** Whether there is everything to be found. @defaultValue true */
  readonly findsEverything?: boolean;
}

export function ToolRail({ model: own, findsEverything = true }: ToolRailProps = {}): ReactNode {
  const studio = useStudio();
  const { tool, label } = useStore(studio.interface.tool);
  const session = useSession();
  const model = own === undefined ? session.model : own;
  const isPhone = useIsPhone();
  const placement = isPhone ? 'top' : 'right';
  const canExclude = model?.capabilities.excludePoints ?? true;
  const canBox = model?.capabilities.boxes ?? true;
  return (
    <Toolbar
      className="tool-rail"
      aria-label="Tools"
      orientation={isPhone ? 'horizontal' : 'vertical'}
    >
      <ToggleButtonGroup
        className="tool-group"
        aria-label="Tool"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[tool]}
        onSelectionChange={([key]) => studio.interface.chooseTool(key as ToolName)}
      >
        {tools.map(({ key, label, shortcut, icon }) => (
          <Hint key={key} text={label} shortcut={shortcutText(shortcut)} placement={placement}>
            <ToggleButton
              id={key}
              className="tool"
              aria-label={label}
              isDisabled={key === 'box' && !canBox}
            >
              {icon}
            </ToggleButton>
          </Hint>
        ))}
      </ToggleButtonGroup>
      <Separator className="tool-separator" />
      <ToggleButtonGroup
        className="tool-group"
        aria-label="What a click means"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[label]}
        onSelectionChange={([key]) => studio.interface.chooseLabel(key as 'include' | 'exclude')}
      >
        <Hint text="Include" shortcut={shortcutText('label')} placement={placement}>
          <ToggleButton id="include" className="tool tool-include" aria-label="Include">
            <CirclePlus size={20} />
          </ToggleButton>
        </Hint>
        <Hint
          text={canExclude ? 'Exclude' : `Exclude: ${model?.title} cannot`}
          shortcut={shortcutText('label')}
          placement={placement}
        >
          <ToggleButton
            id="exclude"
            className="tool tool-exclude"
            aria-label="Exclude"
            isDisabled={!canExclude}
          >
            <CircleMinus size={20} />
          </ToggleButton>
        </Hint>
      </ToggleButtonGroup>
      {findsEverything && (
        <>
          <Separator className="tool-separator" />
          <Hint text="Find everything" shortcut={shortcutText('everything')} placement={placement}>
            <AriaButton
              className="tool"
              aria-label="Find everything"
              onPress={() => studio.interface.showPanel('find')}
            >
              <Sparkles size={20} />
            </AriaButton>
          </Hint>
        </>
      )}
    </Toolbar>
  );
}
