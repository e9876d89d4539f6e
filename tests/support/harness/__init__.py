"""What the end-to-end tests stand on: the program, images, the kernel's view, and the search for what was left behind."""
