// SPDX-License-Identifier: Apache-2.0
// Reads a PNG as a viewer does: turns every format into 8-bit RGBA, row by row.
//   png_reader FILE
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH_MAX 4096
#define HEIGHT_MAX 4096

static void Read(png_structp png, png_infop head) {
  png_read_info(png, head);
  if (png_get_image_width(png, head) > WIDTH_MAX ||
      png_get_image_height(png, head) > HEIGHT_MAX) {
    png_error(png, "too large");
  }
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, head);
  png_bytep row = png_malloc(png, png_get_rowbytes(png, head));
  const png_uint_32 height = png_get_image_height(png, head);
  for (int pass = 0; pass < passes; ++pass) {
    for (png_uint_32 y = 0; y < height; ++y) png_read_row(png, row, NULL);
  }
  png_read_end(png, head);
  png_free(png, row);
}

int main(int argc, char** argv) {
  FILE* const file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) return 2;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, 0, 0, 0);
  png_infop head = png_create_info_struct(png);
  if (setjmp(png_jmpbuf(png))) return 1;
  png_init_io(png, file);
  Read(png, head);
  png_destroy_read_struct(&png, &head, NULL);
  return fclose(file);
}
