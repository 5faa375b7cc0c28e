TRACKING_URI = "http://localhost:5000"
EXPERIMENT = "disease-progression"
SEED = 7
