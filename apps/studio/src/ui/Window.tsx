import './window.css';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import { IconButton } from './IconButton.tsx';

interface WindowProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly width?: 'narrow' | 'wide';
  readonly children: ReactNode;
  /** There is nothing in it to go to by the keyboard, so it is itself what scrolls. */
  readonly isText?: boolean;
  /** Buttons at the end. */
  readonly actions?: ReactNode;
}

/** A dialog over everything else; a sheet from below on phones. */
export function Window({
  title,
  isOpen,
  onClose,
  width = 'narrow',
  children,
  isText = false,
  actions,
}: WindowProps): ReactNode {
  return (
    <ModalOverlay
      className="window-scrim"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={`window window-${width}`}>
        <Dialog className="window-dialog">
          <header className="window-header">
            <Heading slot="title">{title}</Heading>
            <IconButton label="Close" onPress={onClose}>
              <X size={18} />
            </IconButton>
          </header>
          <div className="window-body" {...(isText && { tabIndex: 0 })}>
            {children}
          </div>
          {actions !== undefined && <footer className="window-actions">{actions}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
