"""What the end-to-end tests stand on: the program, images, the kernel's view, what was left."""
