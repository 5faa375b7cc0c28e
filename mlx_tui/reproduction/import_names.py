"""Which distribution provides an imported module, where the names differ.

Source: the distributions' own metadata (`top_level.txt`, wheel contents) on the package index.
"""

import sys

# Modules of older versions that newer ones dropped.
_DROPPED = """asynchat asyncore binhex cgi cgitb chunk crypt distutils formatter imghdr imp lib2to3 mailcap nntplib
    parser pipes smtpd sndhdr spwd symbol telnetlib uu xdrlib __future__"""
STANDARD = frozenset(sys.stdlib_module_names) | frozenset(_DROPPED.split())

# Modules that no distribution of the index provides: the host program puts them there.
HOST_PROVIDED = {
    "dbutils": "Databricks",
    "google.colab": "Google Colab",
    "kaggle_secrets": "Kaggle",
    "kaggle_datasets": "Kaggle",
    "sagemaker_containers": "SageMaker",
}

DISTRIBUTIONS = {
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "IPython": "ipython",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "absl": "absl-py",
    "attr": "attrs",
    "bayes_opt": "bayesian-optimization",
    "box": "python-box",
    "bs4": "beautifulsoup4",
    "category_encoders": "category-encoders",
    "cv2": "opencv-python-headless",
    "dask_ml": "dask-ml",
    "dateutil": "python-dateutil",
    "decouple": "python-decouple",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "evidently": "evidently",
    "faiss": "faiss-cpu",
    "fitz": "pymupdf",
    "flask_cors": "flask-cors",
    "git": "gitpython",
    "github": "pygithub",
    "google.cloud.aiplatform": "google-cloud-aiplatform",
    "google.cloud.bigquery": "google-cloud-bigquery",
    "google.cloud.storage": "google-cloud-storage",
    "google.generativeai": "google-generativeai",
    "google.protobuf": "protobuf",
    "graphviz": "graphviz",
    "gym_minigrid": "gym-minigrid",
    "hydra": "hydra-core",
    "igraph": "igraph",
    "imblearn": "imbalanced-learn",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kafka": "kafka-python",
    "keras_tuner": "keras-tuner",
    "kerastuner": "keras-tuner",
    "kneed": "kneed",
    "langchain_community": "langchain-community",
    "langchain_core": "langchain-core",
    "langchain_openai": "langchain-openai",
    "lime": "lime",
    "magic": "python-magic",
    "markdown": "markdown",
    "mlflow_skinny": "mlflow-skinny",
    "mpl_toolkits": "matplotlib",
    "nacl": "pynacl",
    "netCDF4": "netcdf4",
    "odf": "odfpy",
    "pkg_resources": "setuptools",
    "pl_bolts": "lightning-bolts",
    "psycopg2": "psycopg2-binary",
    "pydantic_settings": "pydantic-settings",
    "pylab": "matplotlib",
    "pymysql": "pymysql",
    "pypdf2": "pypdf2",
    "pytorch_lightning": "pytorch-lightning",
    "pywintypes": "pywin32",
    "ruamel": "ruamel-yaml",
    "sentence_transformers": "sentence-transformers",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "skopt": "scikit-optimize",
    "sklearn": "scikit-learn",
    "sklearn_crfsuite": "sklearn-crfsuite",
    "slugify": "python-slugify",
    "smart_open": "smart-open",
    "snowflake": "snowflake-connector-python",
    "sqlalchemy_utils": "sqlalchemy-utils",
    "tensorboardX": "tensorboardx",
    "tensorflow_addons": "tensorflow-addons",
    "tensorflow_datasets": "tensorflow-datasets",
    "tensorflow_hub": "tensorflow-hub",
    "tensorflow_probability": "tensorflow-probability",
    "telegram": "python-telegram-bot",
    "torch_geometric": "torch-geometric",
    "umap": "umap-learn",
    "usearch": "usearch",
    "win32api": "pywin32",
    "win32com": "pywin32",
    "wx": "wxpython",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}

# Distributions that bring a module under another distribution's name.
ALSO_PROVIDED = {
    "cv2": ("opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless"),
    "keras": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel"),
    "lightning": ("pytorch-lightning",),
    "mlflow": ("mlflow", "mlflow-skinny", "databricks-connect", "mlflow-tracing"),
    "mpl_toolkits": ("matplotlib",),
    "numpy": ("pandas", "scikit-learn", "scipy", "mlflow", "matplotlib", "tensorflow", "xgboost", "lightgbm"),
    "pandas": ("mlflow", "seaborn", "shap", "dask-ml"),
    "pkg_resources": ("setuptools",),
    "pydantic": ("mlflow", "mlflow-skinny", "fastapi", "ray", "langchain", "pydantic-settings", "openai", "gradio"),
    "protobuf": ("mlflow", "mlflow-skinny", "tensorflow", "tensorboard", "onnx"),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "pytorch_lightning": ("pytorch-lightning", "lightning"),
    "requests": ("mlflow", "mlflow-skinny"),
    "scipy": ("scikit-learn", "mlflow"),
    "sklearn": ("scikit-learn", "sklearn", "mlflow", "imbalanced-learn", "scikit-learn-intelex"),
    "tensorflow": (
        "tensorflow",
        "tensorflow-cpu",
        "tensorflow-gpu",
        "tensorflow-macos",
        "tensorflow-intel",
        "tf-nightly",
    ),
    "matplotlib": ("mlflow", "seaborn"),
    "torch": ("torch", "pytorch-lightning", "torchvision", "lightning"),
    "yaml": ("mlflow", "mlflow-skinny", "dvc"),
    "sqlalchemy": ("mlflow", "optuna"),
    "flask": ("mlflow",),
    "git": ("mlflow", "mlflow-skinny"),
    "joblib": ("scikit-learn",),
    "omegaconf": ("hydra-core",),
    "dateutil": ("pandas", "mlflow"),
    "click": ("mlflow", "mlflow-skinny"),
    "IPython": ("jupyter", "notebook", "ipykernel", "jupyterlab"),
    "PIL": ("matplotlib", "torchvision", "scikit-image"),
    "jinja2": ("mlflow", "flask"),
    "six": ("python-dateutil", "pandas", "mlflow", "keras", "tensorflow"),
    "tqdm": ("shap", "optuna", "hyperopt", "transformers", "pytorch-lightning"),
}


def distribution_of(module: str) -> str:
    """The distribution that provides an imported module, as it is called on the package index.

    Args:
        module: Dotted name; the longest known prefix decides.
    """
    parts = module.split(".")
    for end in range(min(len(parts), 3), 0, -1):
        known = DISTRIBUTIONS.get(".".join(parts[:end]))
        if known:
            return known
    return parts[0].replace("_", "-").lower()


def is_standard(module: str) -> bool:
    """Whether a module is of the standard library, of this or of an older version."""
    return module.split(".")[0] in STANDARD


def provides(distribution: str, module: str) -> bool:
    """Whether a distribution, or what it always brings along, provides a module.

    Args:
        distribution: Normalised name.
        module: Dotted name.
    """
    top = module.split(".")[0]
    name = distribution_of(module)
    return distribution in (
        name,
        top.lower().replace("_", "-"),
        *ALSO_PROVIDED.get(top, ()),
        *ALSO_PROVIDED.get(name, ()),
    )
