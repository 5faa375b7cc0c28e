"""Names of images: where an image comes from, and how that is told."""

from mlx_tui.reproduction.model import Container, ImageOrigin


def origins(container: Container) -> tuple[ImageOrigin, ...]:
    """The ways to an image that isn't here, in the order in which they are tried."""
    if not container.dockerfile:
        return (ImageOrigin.REGISTRY,)
    ways = (ImageOrigin.DOCKERFILE, ImageOrigin.REGISTRY)
    return ways[::-1] if has_registry(container.image) else ways


def has_registry(image: str) -> bool:
    """Whether an image's name says from which registry it comes."""
    host, slash, _ = image.partition("/")
    return bool(slash) and ("." in host or ":" in host or host == "localhost")


def qualified(image: str) -> str:
    """An image's name with the registry and namespace that docker means where none is given."""
    if has_registry(image):
        return image
    return f"docker.io/{image}" if "/" in image else f"docker.io/library/{image}"


def volume_lines(container: Container) -> list[str]:
    """Where the container sees folders of the repository beside the working copy."""
    return [f"{volume.folder} of the repository is {volume.target} in it, too" for volume in container.volumes]


def container_line(container: Container) -> str:
    """What is run in, and where it comes from."""
    return f"container of {container.image}, {origin_text(container.origin, container)}, run by {container.engine}"


def origin_text(origin: ImageOrigin, container: Container) -> str:
    """Where an image comes from, in words."""
    return {
        ImageOrigin.LOCAL: "which is here",
        ImageOrigin.DOCKERFILE: f"built from {container.dockerfile}",
        ImageOrigin.REGISTRY: f"pulled as {qualified(container.image)}",
    }[origin]
