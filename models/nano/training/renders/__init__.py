"""Training scenes rendered in 3D from CC0 models, in the form of `scenes.make_scene`.

`gltf` and `bank` turn files into a compact bank of models; `layout`, `materials` and `scene` set
scenes up; `raster`, `light` and `shade` draw them (Numba). No model is part of the repository:
sources.json names them, and fetch_models.py gets them.
"""
