"""Hyper-parameters. The keys are stored in every checkpoint."""

CONFIG = {
    # Widths of the encoder at stride 2, 4, 8 and 16.
    'stem': 32,
    'c1': 48,
    'c2': 96,
    'dim': 192,
    # Residual blocks at stride 4 and 8.
    'n1': 2,
    'n2': 2,
    'vit_blocks': 4,
    'vit_heads': 4,
    'vit_mlp': 384,
    # Widths of the embedding and of the skip features at stride 8 and 4.
    'embed': 128,
    'hi8': 64,
    'hi4': 24,
    'dec_layers': 2,
    'dec_heads': 4,
    'dec_mlp': 256,
    # The cross attention is this much narrower than the tokens.
    'dec_down': 2,
    # Output 0 is the single mask, outputs 1 to 3 are the candidates for one click.
    'masks': 4,
    # Widths on the way from the guide maps to the dense prompt.
    'mask_in': (8, 32),
}

# Of RGB values in 0..255.
MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)

# Stride of the embedding, and of the logits and the finest features.
STRIDE = 16
FINE_STRIDE = 4

# Prompt labels. Padding stands where a slot (box corner, click) is not used.
PADDING, EXCLUDE, INCLUDE, BOX_START, BOX_END = -1, 0, 1, 2, 3
