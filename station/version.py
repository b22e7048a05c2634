"""The product's version, read by the build and written into journals."""

VERSION = "0.1.0"
