"""Simulates absorption spectra of mixtures; the instrument's own are under embargo."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

params = yaml.safe_load(Path("params.yaml").read_text())["prepare"]
rng = np.random.default_rng(params["seed"])

wavelengths = np.linspace(0, 1, 60)
centres = np.array([0.2, 0.45, 0.7])
pure = np.exp(-((wavelengths[None, :] - centres[:, None]) ** 2) / 0.005)
shares = rng.dirichlet(np.ones(3), size=400)
spectra = shares @ pure + 0.02 * rng.standard_normal((400, 60))

frame = pd.DataFrame(spectra, columns=[f"w{i}" for i in range(60)])
frame["share"] = shares[:, 0]
frame["test"] = rng.random(400) < params["test_share"]
Path("data").mkdir(exist_ok=True)
frame.to_csv("data/prepared.csv", index=False)
print(f"{len(frame)} spectra, {int(frame['test'].sum())} held out")
