from setuptools import find_packages, setup

setup(
    name="bearings",
    version="0.1",
    packages=find_packages(),
    python_requires=">=3.11",
    install_requires=["mlflow", "scikit-learn", "numpy"],
)
