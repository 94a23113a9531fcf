"""Mixed precision: bfloat16 on CPU and CUDA, float16 with loss scaling on CUDA, or float32."""

import contextlib

import torch


class Precision:
    """float32 master weights, arithmetic in `name`: 'bf16', 'fp16', 'fp32', or 'auto'."""

    def __init__(self, name, device):
        if name == 'auto':
            # Earlier GPUs only emulate bfloat16, slowly.
            old = device.type == 'cuda' and torch.cuda.get_device_capability(device)[0] < 8
            name = 'fp16' if old else 'bf16'
        self.name, self.device = name, device
        self.scaler = _gradient_scaler() if name == 'fp16' else None

    def context(self):
        """For the forward pass and the loss; the backward pass needs none."""
        if self.name == 'fp32':
            return contextlib.nullcontext()
        dtype = torch.bfloat16 if self.name == 'bf16' else torch.float16
        return torch.autocast(self.device.type, dtype=dtype)

    def backward(self, loss, optimiser):
        """Leaves the true (unscaled) gradients in the parameters."""
        if self.scaler:
            self.scaler.scale(loss).backward()
            self.scaler.unscale_(optimiser)
        else:
            loss.backward()

    def step(self, optimiser, norm):
        """Updates the weights unless the gradient is not finite; tells whether it was finite."""
        finite = bool(torch.isfinite(norm))
        if self.scaler:
            self.scaler.step(optimiser)  # looks for itself
            self.scaler.update()
        elif finite:
            optimiser.step()
        return finite

    def state(self):
        return self.scaler.state_dict() if self.scaler else {}

    def load(self, state):
        if self.scaler and state:
            self.scaler.load_state_dict(state)


def _gradient_scaler():
    if hasattr(torch.amp, 'GradScaler'):  # torch >= 2.3
        return torch.amp.GradScaler('cuda')
    return torch.cuda.amp.GradScaler()
