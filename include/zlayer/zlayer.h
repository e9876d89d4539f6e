/* zlayer.h - all of libzlayer. Begin with api.h: the rules that hold everywhere; then client.h. */
#pragma once
#include <zlayer/api.h>
#include <zlayer/client.h>
#include <zlayer/container.h>
#include <zlayer/deployment.h>
#include <zlayer/error.h>
#include <zlayer/image.h>
#include <zlayer/spec.h>
