EXPERIMENT = "ridge-sweep"
MODEL = "progression"
