import './workspace.css';

import type { ReactNode } from 'react';

import { SidePanel } from '../panel/SidePanel.tsx';
import { Stage } from '../stage/Stage.tsx';
import { useStore } from '../state/store.ts';
import { ToolRail } from '../tools/ToolRail.tsx';
import { StatusBar } from './StatusBar.tsx';
import { useStudio } from './studio-context.ts';
import { TopBar } from './TopBar.tsx';

/** A picture is open: tools at its side, results at the other; on phones both below it. */
export function Workspace(): ReactNode {
  const { isOpen } = useStore(useStudio().interface.panel);
  return (
    <div className="workspace" data-panel={isOpen ? 'open' : 'closed'}>
      <TopBar />
      <ToolRail />
      <Stage />
      <SidePanel />
      <StatusBar />
    </div>
  );
}
